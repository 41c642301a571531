/// The words of generated passphrases: 2,048 common English words of three to eight letters, so that each adds 11 bits.
enum PasswordWords {
  /// The words in order, as parts of the program's read-only data.
  nonisolated(unsafe) static let all: [UnsafeBufferPointer<UInt8>] = WordList.words(of: text)

  private static let text: StaticString = """
    accent accept account acid acorn act action active actor add address adjust admire admit adopt adult advance
    advice affair afford agree aim air airport aisle alarm album alert alike alive allow almond almost alone alpha
    already amaze amber amount amuse anchor ancient angle animal ankle answer ant antenna anvil apple apply apron
    arch area arena arm armor army aroma arrange arrive arrow art artist ash ashore ask asleep aspect athlete atlas
    atom attach attend attic auction august aunt author autumn avenue avocado avoid awake award aware awning axis
    baby back bacon badge badly bag bake balance bald ballet balloon bamboo banana band banjo bank banner bar barber
    bargain barley barn barrel base basic basil basin basket bat bath battery bay beach beacon bead beam bean bear
    beard beast beauty beaver bed bee beef beer beet beetle belief bell belong belt bench bend berry best better
    bicycle big bike bill bind bird birth biscuit bishop bit bite black blade blank blanket blast blaze blend bless
    blind blink block blossom blouse blow blue blush board boat body boil bold bolt bone bonfire bonus book boost
    boot border borrow boss bottle bottom bounce bowl box boy brain branch brand brass brave bread breath breeze
    brick bride bridge brief bright bring broad bronze broom brother brown brush bubble bucket buckle bud budget
    buffalo build bulb bulk bull bumper bunch bundle bureau burger burn burst bus bush busy butter button buzz
    cabbage cabin cable cactus cage cake calf call calm camel camera camp canal candle candy cane canoe canvas
    canyon cap capable cape capital captain car caramel carbon card care cargo carpet carrot carry cart carve case
    castle casual cat catch cattle cause cave ceiling celery cell cello cement cent center century cereal certain
    chain chair chalk chance change channel chapel chapter charge charm chart chase cheap check cheek cheer cheese
    chef cherry chess chest chew chicken chief child chill chimney chin chip choice choose chord chorus church cider
    cinema circle circus citizen city claim clap class clay clean clear clerk clever click cliff climate climb
    clinic clock close cloth cloud clover clown club clue coach coal coast coat cobra cocoa coconut code coffee coil
    coin cold collar collect college color column comb comedy comet comfort comic common company compass concert
    conduct cone confirm connect consent contact contest control cook cookie cool copper copy coral core cork corn
    corner correct cosmos cost cottage cotton couch cough council count country couple courage course court cousin
    cover cow cowboy cozy crack cradle craft crane crater crawl crayon crazy cream create credit creek crew cricket
    crisp crop cross crowd crown cruise crumb crust crystal cube cuckoo cue cup cure curious curl current curtain
    curve cushion custom cut cycle daily dairy daisy dam dance dare dark dart dash data date dawn day deal deck
    declare deep deer define delay deliver delta demand denim dense dentist depart depend depth deputy derive desert
    design desk detail develop device diagram dial diamond diary dice diet dig digital dinner dip direct dirt disco
    discuss dish disk display distant ditch dive divide dizzy dock doctor dog doll dollar dolphin dome domino donate
    donkey door dot double doubt dough dove dozen draft dragon drain drama draw drawer dream dress drift drill drink
    drive drop drum dry duck duet dune dusk duty dwarf dwell dynamo eager eagle ear early earn earth easel east easy
    eat echo eclipse edge edit educate effect effort egg eight elastic elbow elder elect elegant element elf elk elm
    ember emerald emotion empty enable end endless energy engine enjoy enter entire entry envy equal era erase
    errand escape essay estate evening event evident evolve exact exam example excite excuse exhaust exhibit exist
    exit exotic expand expect expert explain explore express extend extra eye fabric face fact factory fade fair
    fairy faith falcon fall fame family famous fan fancy far farm fashion fast father faucet favor feast feather
    feature fee feed feel fence fern ferry fetch fiber fiction fiddle field fig figure file fill film filter final
    finch find fine finger finish fire firm first fish fit five fix flag flame flannel flap flash flat flavor fleet
    flesh flight flip float flock flood floor flour flow fluid flute fly foam focus fog foil fold folk follow food
    foot force forest forget fork form fort forth fortune forward fossil found four fox frame free freeze fresh
    friend frog front frost fruit fuel full fun funnel funny future gadget gain galaxy gallery gallop game garage
    garden garlic gas gate gather gauge gaze gear gecko gem general genius gentle genuine gesture get giant gift
    giggle ginger giraffe girl give glad glance glass gleam glide glimpse glitter globe gloom glory glove glow glue
    goal goat gold golf good goose gorilla gospel gown grab grace grade grain grand granite grape graph grasp grass
    gravel gravity gravy gray great green greet grid grill grin grip grocery ground group grove grow growth guard
    guess guest guide guitar gum gym gypsum habit hail hair hall halo hammer hamster hand handle hang happen happy
    harbor hard hardly harp harvest hat hatch haul hawk hay hazel head healthy heart heat heavy hedge height helium
    helmet help hen herb herd hero heron hidden high hike hill hint hire history hobby hockey hold holiday hollow
    home honest honey hood hook hope horizon horn horse host hotel house hover how huge human humble humid humor
    hundred hunt hurdle husband hut hybrid hydrant hymn ice icon idea ideal idol igloo image imagine impact import
    improve inch include income index indoor infant inform ink inn inner input insect inside inspire install instant
    intact intend invent invest invite iris iron island issue item ivory ivy jacket jade jaguar jam january jar
    jasmine jaw jazz jeans jelly jersey jet jewel job jockey jog join joke jolly journal journey joy judge juice
    july jumbo jump june jungle junior juniper jury justice kangaroo karate kayak keen kennel kernel ketchup kettle
    key kick kid kidney kind king kingdom kiosk kit kitchen kite kitten kiwi knee knife knight knit knob knock knot
    koala label labor lace ladder lagoon lake lamb lamp lance land lane lantern laptop large lark laser laugh
    laundry lava lavish law lawn lawyer layer leaf league lean leap learn leash leather leave lecture ledge left leg
    legal legend lemon lend length lens leopard letter lettuce level lever liberty library license lid life lift
    light like lily lime limit line linen link lion liquid list listen liter live lizard llama load loaf loan lobby
    lobster local lock lodge loft logic long look loop loose lotion lotus loud lounge love low loyal lucky luggage
    lumber lunar lunch luxury lyric machine magic magnet maid mail major make mallet mammoth man manage mango manner
    mansion map maple marble march margin marine mark market marry mascot mask mason master match math matter
    maximum may mayor maze meadow meal mean measure meat medal medium mellow melody melon melt member memory mend
    mention menu mercury mercy merge merry message meteor meter middle mile milk mill mineral minimum minor mint
    minute miracle mirror misty mitten mix mobile model modern modest moment money monitor monkey month moon moose
    morning mosaic moss mother motion motor mount mouse mouth move movie muffin mule museum music mustard mutual
    mystery myth nail name napkin narrow nation nature navy near neat neck need needle nephew nerve nest net network
    neutral never news nice nickel nine noble noise noodle noon normal north nose notable note notice novel nozzle
    number nurse nut nutmeg nylon oak oasis oat obey object observe obvious ocean october octopus odor offer office
    oil okay old olive omelet onion online open opera opinion optic option orange orbit orchard orchid order organ
    origin ostrich otter ounce outdoor outer oval oven owner oxygen oyster ozone pace pack paddle page pail paint
    pajamas palace palm pan pancake panda panel panther papaya paper parade parcel pardon parent park parrot parsley
    part partner party pasta paste pastry patch path patient patrol pattern pave peace peach peanut pear pearl
    pebble pedal pelican pen pencil penguin people pepper perfect perfume permit phone photo phrase piano pick
    picnic picture pie pier pigeon pile pillow pilot pin pinch pine pink pioneer pipe pirate pitch pizza place plan
    plane planet plant plastic plate play plaza please plow plug plum pocket poem poet point polar pole police
    polish polite pond pony pool popcorn poppy popular porch port pose possum potato pottery pouch pound powder
    power prairie prefer prepare present pretty pride prince print prism prize problem process produce program
    project promise prompt proof protect proud provide public pudding puddle pull pulse puma pump pumpkin punch
    puppet puppy purple purpose push puzzle pyramid quail quaint quality quantum quarry quarter quartz queen quench
    quest quick quiet quill quilt quiz quota quote rabbit raccoon race rack radar radio radish raft rail raisin
    rally ranch random range rapid rare raven raw ray razor reach react ready real recall recipe record recover reef
    reflect refresh region regular relax relay release relief remedy remote rent repair repeat replace reply report
    rescue rest result retire return review reward rhythm ribbon rice rich ride rider ridge rigid ring ripe ripple
    rise river roast robe robin robot rock rocket romance roof room rooster root rope rose rotate rough round route
    rover royal rubber ruby rudder rug ruler run runway rural rush rye saddle safe safety saga sage saint salad
    salary sale salmon salon salt salute sample sand sandal satin sauce saucer sausage save savor saw say scale
    scarf scatter scene school science scissor scoop scooter score scout scrap screen screw script scrub sea seal
    seam search season seat second secret section seed select senate send senior sentry series serve service session
    set settle seven shade shadow shake shallow shape share shark sharp sheep sheet shelf shell shelter sheriff
    shield shift shine ship shirt shoe shop shore short shoulder shout show shower shrimp shrub shuffle shut shy
    sibling side sight sign signal silence silk silver similar simple sing single siren sister six skate sketch ski
    skill skip skirt sky sled sleep sleeve slice slide slim slogan slow small smart smile smoke smooth snack snail
    snake snap sneeze snow soap soccer social sock soda sofa soft soil solar soldier solid solo solve song sonic
    sort soul sound soup source south space spare spark speak special speech speed spend sphere spice spider spike
    spin spiral spirit splash spoon sport spot spray spread spring sprout spruce square squash squirrel stable
    stadium staff stage stair stamp stand star start state station statue steady steak steam steel stem step stereo
    stick stir stitch stock stone stool stop store storm story stove straw stream street stretch strike string
    strong student studio study stuff style subject submit subway success sugar suggest suit suite summer summit
    sunny sunset super supply support sure surf surface surge surplus survey sushi swallow swamp swan swap swarm
    sweater sweet swift swim swing switch sword symbol syrup system table tablet tackle tail tailor talent talk tall
    tame tango tank tape target task taste taxi tea teach team teapot tell temple ten tenant tender tennis tent term
    terrace test text thank theater theme theory thimble third thirty thorn thread three thrive throne thumb thunder
    ticket tide tidy tie tiger tile timber tin tiny tip tissue title toad toast tobacco together token tomato tone
    tongue tonic tool tooth top torch tornado tortoise touch tour tow towel tower town toy track trade traffic trail
    train transit travel tray treasure tree trick trip trolley trophy tropic trout truck true trumpet trunk trust
    truth tube tulip tuna tundra tunnel turbine turkey turn turnip turtle tutor tweed twelve twenty twice twig twist
    umpire uncle unfold uniform union unique unit unite unity unknown unlock unusual update uphill upright urban
    usher vacant vacuum valid valley valve van vanilla vapor vase vast vault vector vein velvet vendor venture
    verify vessel veteran vice victory video view village vine vinegar vintage vinyl violet violin virtue visa
    visible visit visual vivid vocal voice volcano volume voyage waffle wagon walk wall walnut walrus waltz wander
    warm watch water wave wealth weasel weather weave wedding week weekend welcome well west whale wheat wheel
    whisper whistle white width wife wild willow win wind window wine wing winner winter wire wisdom wise wish wolf
    woman wonder wood wool word work world wren wrench yacht yard yarn year yellow yield yodel yoga yogurt young
    youth zebra zero zigzag zinc zipper zone zoo
    """
}
